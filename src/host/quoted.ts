/** Pieces of the user's text in messages. */

/** A text as a message shows it: in double quotes, escaped as in JSON, and cut off where it would be longer than that. */
export function quoted(text: string, most = 24): string {
  const whole = JSON.stringify(text.slice(0, most + 1));
  if (whole.length <= most + 2 && text.length <= most) return whole;
  let shown = '';
  for (const character of text.slice(0, most)) {
    const escaped = JSON.stringify(character).slice(1, -1);
    if (shown.length + escaped.length > most - 3) break;
    shown += escaped;
  }
  return `"${shown}..."`;
}

/** A number or word of the file, cut off where it is longer than that. */
export function clipped(text: string, most = 24): string {
  return text.length > most ? `${text.slice(0, most - 3)}...` : text;
}
