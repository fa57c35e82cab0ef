import { OnTheCommandLine } from '../parts/OnTheCommandLine';
import { useJob } from '../state/job';

export default function Extend() {
  return <OnTheCommandLine command={`dowse extend ${useJob().name} --trials 40`} isPage={false} />;
}
