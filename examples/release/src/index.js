const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

/** `text` with as many `pad`s in front as it takes to be `width` characters wide. */
export function leftPad(text, width, pad = " ") {
  const length = [...graphemes.segment(text)].length;
  return pad.repeat(Math.max(0, width - length)) + text;
}
