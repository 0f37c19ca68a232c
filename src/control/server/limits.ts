/** What one client, and all of them together, may take from the supervisor. */
import { lineLimit } from '../protocol.ts';

/** The limits of the control socket. */
export interface ControlLimits {
  /** Connections at a time; more are refused with an answer. */
  readonly connections: number;
  /** Calls of one connection that are worked on at a time; the next ones are not read before. */
  readonly calls: number;
  /** Bytes of one line. */
  readonly lineBytes: number;
  /** Bytes that may wait for one client; one that lets more gather is disconnected. */
  readonly outputBytes: number;
  /** Bytes of half lines of all clients; beyond it the largest holder is disconnected. */
  readonly allInputBytes: number;
  /** Bytes that wait for all clients; beyond it the largest holder is disconnected. */
  readonly allOutputBytes: number;
  /** Bytes of the answer to a batch; the calls beyond it fail. */
  readonly batchBytes: number;
  /** Milliseconds from the first byte of a line to its end. */
  readonly lineTime: number;
  /** Milliseconds in which a client that is sent away may read why. */
  readonly lingerTime: number;
}

const mebibyte = 1024 * 1024;

/** The limits where nobody sets others. */
export const defaultControlLimits: ControlLimits = {
  connections: 2048,
  calls: 64,
  lineBytes: lineLimit,
  outputBytes: 4 * mebibyte,
  allInputBytes: 128 * mebibyte,
  allOutputBytes: 256 * mebibyte,
  batchBytes: 32 * mebibyte,
  lineTime: 120_000,
  lingerTime: 3000,
};
