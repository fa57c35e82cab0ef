/** The name that a mistyped one is closest to; undefined when none is close. */
export function nearest(wanted: string, names: Iterable<string>): string | undefined {
  let best: string | undefined;
  let likeness = 0.6;
  for (const name of names) {
    const alike = (2 * common(wanted, name)) / (wanted.length + name.length || 1);
    if (alike > likeness || (alike === likeness && (best === undefined || name > best))) {
      best = name;
      likeness = alike;
    }
  }
  return best;
}

/** The characters two texts share: the longest common piece, and the same on both sides of it. */
function common(one: string, other: string): number {
  let size = 0;
  let [atOne, atOther] = [0, 0];
  for (let i = 0; i < one.length; i++) {
    for (let j = 0; j < other.length; j++) {
      let length = 0;
      while (i + length < one.length && j + length < other.length && one[i + length] === other[j + length]) length += 1;
      if (length > size) [size, atOne, atOther] = [length, i, j];
    }
  }
  if (size === 0) return 0;
  const left = common(one.slice(0, atOne), other.slice(0, atOther));
  return left + size + common(one.slice(atOne + size), other.slice(atOther + size));
}
