import { shortcutsNow } from '../state/shortcuts';
import { Dialog } from './Dialog';

/** The keys that do something on this page. */
export function Keys({ title, onClose }: { title: string; onClose: () => void }) {
  return (
    <Dialog title={title} onClose={onClose}>
      <dl class="keys">
        {shortcutsNow().map((one) => (
          <div key={`${one.mod}${one.key}`}>
            <dt>
              {one.mod && (
                <>
                  <kbd>Ctrl</kbd>{' '}
                </>
              )}
              <kbd>{one.key.length === 1 && one.mod ? one.key.toUpperCase() : one.key}</kbd>
            </dt>
            <dd>{one.says()}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
