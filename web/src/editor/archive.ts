/** A file of a folder that somebody chose in the browser. */
export interface Chosen {
  /** Below the folder, with slashes. */
  readonly path: string;
  readonly data: Blob;
}

const BLOCK = 512;
const NAME = 100;

/** The chosen files as a tar archive (POSIX 1003.1-1988), which servers unpack without more. */
export function archiveOf(files: readonly Chosen[]): Blob {
  const pieces: BlobPart[] = [];
  for (const file of files) {
    pieces.push(head(file.path, file.data.size), file.data, new Uint8Array(padding(file.data.size)));
  }
  pieces.push(new Uint8Array(2 * BLOCK));
  return new Blob(pieces, { type: 'application/x-tar' });
}

function padding(size: number): number {
  return (BLOCK - (size % BLOCK)) % BLOCK;
}

function head(path: string, size: number): Uint8Array<ArrayBuffer> {
  const block = new Uint8Array(BLOCK);
  const { prefix, name } = split(path);
  const write = (text: string | Uint8Array, at: number) =>
    block.set(typeof text === 'string' ? new TextEncoder().encode(text) : text, at);
  write(name, 0);
  write('0000644\0', NAME);
  write('0000000\0', 108);
  write('0000000\0', 116);
  write(`${size.toString(8).padStart(11, '0')}\0`, 124);
  write('00000000000\0', 136);
  write('        ', 148); // The sum is taken over blanks here.
  write('0', 156);
  write('ustar\x0000', 257);
  write(prefix, 345);
  const sum = block.reduce((all, byte) => all + byte, 0);
  write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}

/** The form has 100 bytes for a name and 155 for the folders before it. */
function split(path: string): { prefix: Uint8Array; name: Uint8Array } {
  const bytes = new TextEncoder().encode(path);
  if (bytes.length <= NAME) return { prefix: new Uint8Array(), name: bytes };
  for (let at = bytes.length - NAME - 1; at < bytes.length; at += 1) {
    if (bytes[at] === 0x2f && at <= 155) return { prefix: bytes.slice(0, at), name: bytes.slice(at + 1) };
  }
  throw new RangeError(`the name of ${path} is too long for an archive`);
}

/** What a version control or an environment keeps for itself is no part of a program. */
const LEFT_OUT = /(?:^|\/)(?:\.git|\.hg|\.svn|\.venv|venv|node_modules|__pycache__|\.ipynb_checkpoints)\//;

export function filesOf(list: Iterable<File>): Chosen[] {
  const found = [...list].map((file) => ({ path: below(file), data: file }));
  return found.filter((file) => !LEFT_OUT.test(file.path));
}

function below(file: File): string {
  const path = file.webkitRelativePath || file.name;
  return path.includes('/') ? path.slice(path.indexOf('/') + 1) : path;
}
