import { PLAIN, read, type Line, type Look, type Pen } from './escapes';

/** Some lines in their order. Only the last block of a log is ever replaced by another one. */
export interface Block {
  readonly id: number;
  readonly text: string;
  readonly looks: readonly Look[];
}

const LINES = 200;
/** A browser takes long over longer ones; the rest begins a line of its own. */
const LONGEST = 10_000;

/** What was printed, as a terminal leaves it, in blocks of lines that are painted one by one. */
export class Terminal {
  /** Whether something that was printed is no longer here. */
  isCut = false;
  private readonly sealed: Block[] = [];
  private open: Line[] = [];
  private sealedCount = 0;
  private length = 0;
  /** The line that has no end yet, and the pen that it began with. */
  private rest = '';
  private pen: Pen = PLAIN;

  /** About so many characters are kept; what was printed first goes. */
  constructor(private readonly most: number) {}

  write(text: string): void {
    const lines = (this.rest + text).split('\n');
    const rest = lines.pop() as string;
    for (const line of lines) this.end(this.begun(line));
    this.rest = this.begun(rest);
    while (this.length > this.most && this.sealed.length > 0) {
      this.length -= (this.sealed.shift() as Block).text.length;
      this.isCut = true;
    }
  }

  blocks(): readonly Block[] {
    const last = this.rest === '' ? this.open : [...this.open, read(this.rest, this.pen)];
    return last.length === 0 ? [...this.sealed] : [...this.sealed, joined(this.sealedCount, last)];
  }

  /** What counts of a line: what was written over is forgotten, what is too long is ended. */
  private begun(line: string): string {
    const body = line.replace(/\r+$/, '');
    const over = body.lastIndexOf('\r');
    if (over >= 0) this.pen = read(body.slice(0, over), this.pen).pen;
    let left = body.slice(over + 1);
    for (; left.length > LONGEST; left = left.slice(LONGEST)) this.end(left.slice(0, LONGEST));
    return left + (body === line ? '' : '\r');
  }

  private end(printed: string): void {
    const line = read(printed, this.pen);
    this.pen = line.pen;
    this.open.push(line);
    // Blocks stand below each other: an empty line at the end of one would not be seen.
    if (this.open.length < LINES || line.text === '') return;
    const block = joined(this.sealedCount++, this.open);
    this.sealed.push(block);
    this.length += block.text.length;
    this.open = [];
  }
}

function joined(id: number, lines: readonly Line[]): Block {
  const looks: Look[] = [];
  let at = 0;
  for (const { text, looks: own } of lines) {
    for (const { from, to, name } of own) looks.push({ from: at + from, to: at + to, name });
    at += text.length + 1;
  }
  return { id, text: lines.map(({ text }) => text).join('\n'), looks };
}
