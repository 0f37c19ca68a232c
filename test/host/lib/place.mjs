// Where a path of the stand-in host is. Whatever names the path - a manifest, a word of bhyve, a file in the host - it
// never is outside the root, nor in what the stand-in itself keeps there.

import * as fs from 'node:fs';
import path from 'node:path';

/**
 * An absolute path without `..`, `.` and empty parts: / is its own parent. A relative one is taken from /.
 * @param {string} file @returns {string}
 */
export function straightPath(file) {
  return path.posix.resolve('/', file);
}

/**
 * The place of a path below the root. Throws where it is the root itself, belongs to the stand-in, or has a link above it.
 * @param {string} root @param {string} file @returns {string}
 */
export function placeOf(root, file) {
  const inside = straightPath(file);
  if (inside === '/' || inside === '/.host' || inside.startsWith('/.host/')) {
    throw new Error(`${file}: is no path for a file of a host`);
  }
  const place = root + inside;
  for (let above = path.dirname(place); above.length > root.length; above = path.dirname(above)) {
    if (fs.lstatSync(above, { throwIfNoEntry: false })?.isSymbolicLink() === true) {
      throw new Error(`${file}: ${above.slice(root.length)} is a link`);
    }
  }
  return place;
}

/** Whether something, be it a link to nothing, is there. @param {string} place */
export function isThere(place) {
  return fs.lstatSync(place, { throwIfNoEntry: false }) !== undefined;
}

/**
 * Reads a file of the host as bytes, Latin-1; undefined where there is no regular file. A relative path is one of the
 * caller's directory, as it is for bhyve.
 * @param {string} root @param {string} file @returns {string | undefined}
 */
export function readInside(root, file) {
  const bytes = Buffer.from(file, 'latin1').toString();
  const full = bytes.startsWith('/') ? bytes : path.join(process.cwd(), bytes);
  const below = full.startsWith(`${root}/`) ? full.slice(root.length) : bytes.startsWith('/') ? bytes : null;
  try {
    const place = below === null ? full : placeOf(root, below);
    return fs.statSync(place).isFile() ? fs.readFileSync(place, 'latin1') : undefined;
  } catch {
    return undefined;
  }
}

/** A name of an interface, as far as a record of the stand-in can have it. @param {string} name */
export function isInterfaceName(name) {
  return /^[A-Za-z0-9_.:-]{1,64}$/.test(name) && !/^\.+$/.test(name);
}
