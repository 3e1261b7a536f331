/** How a value may hide: plain, hex, as a list of bytes, URL-encoded, and Base64 at each of the three alignments. */
export function forms(value) {
  const raw = Buffer.from(value);
  const hex = raw.toString('hex');
  const hidden = [value, hex, hex.replaceAll(/(..)(?=.)/gu, '$1 '), [...raw].join(', '), [...raw].join(','), encodeURIComponent(value), new URLSearchParams({ v: value }).toString().slice(2), JSON.stringify(value).slice(1, -1)];
  for (let shift = 0; shift < 3; shift += 1) {
    const text = Buffer.concat([Buffer.alloc(shift), raw]).toString('base64').replaceAll('=', '');
    // The first and the last characters depend on the neighbours.
    const middle = text.slice(shift === 0 ? 0 : 4, -2);
    hidden.push(middle, middle.replaceAll('+', '-').replaceAll('/', '_'));
  }
  return [...new Set(hidden.map((form) => form.toLowerCase()))];
}
