import type { Hit, Size } from './chart';

/** What lies under the pointer, beside it and inside the chart. */
export function Tip({ hit, size }: { hit: Hit; size: Size }) {
  const isRight = hit.x > size.width / 2;
  const isLow = hit.y > size.height / 2;
  const style = {
    [isRight ? 'insetInlineEnd' : 'insetInlineStart']: `${isRight ? size.width - hit.x + 12 : hit.x + 12}px`,
    [isLow ? 'insetBlockEnd' : 'insetBlockStart']: `${isLow ? size.height - hit.y + 8 : hit.y + 8}px`,
  };
  return (
    <div class="tip" style={style} aria-hidden="true">
      <b>{hit.title}</b>
      {hit.lines.map((line) => (
        <span key={line}>{line}</span>
      ))}
    </div>
  );
}
