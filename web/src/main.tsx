import { render } from 'preact';
import { App } from './App';
import { followClock } from './state/clock';
import { followLinks } from './state/router';
import { followKeys } from './state/shortcuts';
import { followTheme } from './state/theme';
import './styles/tokens.css';
import './styles/base.css';
import './styles/frame.css';
import './styles/parts.css';
import './styles/charts.css';
import './styles/editor.css';

followTheme();
followLinks();
followKeys();
followClock();
render(<App />, document.getElementById('app') as HTMLElement);
