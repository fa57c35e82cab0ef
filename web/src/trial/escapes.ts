/** A part of a text that was printed in another look: names of classes, such as `sgr-bold sgr-red`. */
export interface Look {
  readonly from: number;
  readonly to: number;
  readonly name: string;
}

/** How what follows is printed (ECMA-48, "select graphic rendition"). */
export interface Pen {
  readonly marks: readonly Mark[];
  readonly hue: Hue | undefined;
}

/** A line as it is to be read, and the pen that it leaves behind. */
export interface Line {
  readonly text: string;
  readonly looks: readonly Look[];
  readonly pen: Pen;
}

type Mark = 'bold' | 'dim' | 'italic' | 'underline';
type Hue = 'faint' | 'red' | 'green' | 'yellow' | 'blue' | 'magenta' | 'cyan';

export const PLAIN: Pen = { marks: [], hue: undefined };

const BEGINS: Readonly<Record<number, Mark>> = { 1: 'bold', 2: 'dim', 3: 'italic', 4: 'underline' };
const ENDS: Readonly<Record<number, readonly Mark[]>> = { 22: ['bold', 'dim'], 23: ['italic'], 24: ['underline'] };
/** By the bits red, green, blue. Black would not be seen in the dark; white is the colour of the page's text. */
const HUES: readonly (Hue | undefined)[] = ['faint', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', undefined];

const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/;
/** A control sequence with its arguments and its last letter, a command to the system, another escape, a control character. */
const STEERING =
  /\u001b\[([\d;:<=>?]*)[ -/]*([@-~]?)|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|\u001b[ -/]*[0-~]?|[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/**
 * A line as a terminal leaves it: what follows a carriage return takes the place of what stood before
 * it, as progress bars want it, colours become looks, and what else steers a terminal is left out.
 */
export function read(line: string, pen: Pen): Line {
  if (pen === PLAIN && !CONTROL.test(line)) return { text: line, looks: [], pen };
  const sheet = new Sheet();
  let from = 0;
  for (const { 0: all, 1: given, 2: letter, index } of line.matchAll(STEERING)) {
    sheet.put(line.slice(from, index), pen);
    from = index + all.length;
    if (all === '\r') sheet.isReturned = true;
    else if (all === '\b') sheet.back();
    else if (letter === 'm') pen = drawn(pen, given as string);
    else if (letter === 'K' && given === '2') sheet.clear();
  }
  sheet.put(line.slice(from), pen);
  return { text: sheet.text, looks: sheet.looks, pen };
}

class Sheet {
  text = '';
  looks: Look[] = [];
  /** Whether what comes next is written over what stands here. */
  isReturned = false;

  put(part: string, pen: Pen): void {
    if (part === '') return;
    if (this.isReturned) this.clear();
    const name = [...pen.marks, ...(pen.hue ? [pen.hue] : [])].map((one) => `sgr-${one}`).join(' ');
    if (name !== '') this.looks.push({ from: this.text.length, to: this.text.length + part.length, name });
    this.text += part;
  }

  back(): void {
    this.text = this.text.slice(0, -1);
    this.looks = this.looks.filter(({ from }) => from < this.text.length).map((one) => ({ ...one, to: Math.min(one.to, this.text.length) }));
  }

  clear(): void {
    this.text = '';
    this.looks = [];
    this.isReturned = false;
  }
}

function drawn(pen: Pen, given: string): Pen {
  let { marks, hue } = pen;
  const codes = given.split(/[;:]/).map(Number);
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i] as number;
    const mark = BEGINS[code];
    if (code === 0) [marks, hue] = [[], undefined];
    else if (mark) marks = [...marks.filter((one) => one !== mark), mark];
    else if (ENDS[code]) marks = marks.filter((one) => !ENDS[code]?.includes(one));
    else if ((code >= 30 && code <= 37) || (code >= 90 && code <= 97)) hue = HUES[code % 10];
    else if (code === 39) hue = undefined;
    else if (code === 38 || code === 48) {
      const [found, taken] = codes[i + 1] === 5 ? [indexed(codes[i + 2] ?? 0), 2] : [nearest(codes.slice(i + 2, i + 5)), 4];
      if (code === 38) hue = found;
      i += taken;
    }
  }
  return marks.length === 0 && hue === undefined ? PLAIN : { marks, hue };
}

/** A colour of the table of 256: sixteen, a cube of six steps a side, then greys. */
function indexed(at: number): Hue | undefined {
  if (at < 16) return HUES[at % 8];
  if (at > 231) return undefined;
  return nearest([Math.floor((at - 16) / 36), Math.floor((at - 16) / 6) % 6, (at - 16) % 6]);
}

/** The page has few hues, which can be read on its ground in both themes. */
function nearest(rgb: readonly number[]): Hue | undefined {
  const most = Math.max(...rgb);
  const isGrey = most - Math.min(...rgb) < most / 4;
  return isGrey ? undefined : HUES[rgb.reduce((bits, one, i) => bits + (one > most / 2 ? 1 << i : 0), 0)];
}
