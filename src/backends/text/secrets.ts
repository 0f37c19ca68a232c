/**
 * What stands in place of a secret wherever a file is shown, described or hashed. The only secret of a guest is its VNC
 * password; in every file that holds it, it stands behind `password=` on a line of its own.
 */

/** What is shown instead of a secret. */
export const hiddenSecret = '<secret>';

/** The text with all that may be a secret taken out; files whose secrets alone differ become equal. */
export function redacted(text: string): string {
  return text.replaceAll(/\bpassword=.*/g, `password=${hiddenSecret}`);
}

/** Whether there is something in the text that {@link redacted} takes out, and nobody has taken out before. */
export function mayHoldSecret(text: string): boolean {
  return /\bpassword=(?!<secret>)/.test(text);
}

/** One word without its secret. */
export function redactedWord(text: string, secret: string | null): string {
  return secret === null ? text : text.replaceAll(`password=${secret}`, `password=${hiddenSecret}`);
}
