/** Requests that wait for their answer. */
import { randomBytes } from 'node:crypto';
import type { Answer } from '../machine/effect.ts';
import { failure, type CallFailure } from '../../control/protocol.ts';

/** Requests of this supervisor. */
export interface Requests {
  /** A new number and the answer that will come; it rejects with a {@link CallFailure}. */
  ask(): { readonly id: string; readonly answer: Promise<Extract<Answer, { readonly ok: true }>> };
  readonly answer: (id: string, answer: Answer) => void;
  refuse(id: string, why: CallFailure): void;
  /** The supervisor ends: those who wait are told. */
  end(): void;
  readonly waiting: number;
}

interface Waiting {
  readonly resolve: (answer: Extract<Answer, { readonly ok: true }>) => void;
  readonly reject: (why: CallFailure) => void;
}

/** Makes an empty list. Numbers differ from those of supervisors before, which may still be in the journal. */
export function createRequests(): Requests {
  const prefix = randomBytes(6).toString('hex');
  const waiting = new Map<string, Waiting>();
  let count = 0;

  function settle(id: string, act: (one: Waiting) => void): void {
    const one = waiting.get(id);
    if (one === undefined) return;
    waiting.delete(id);
    act(one);
  }

  return {
    ask() {
      count += 1;
      const id = `${prefix}.${String(count)}`;
      const answer = new Promise<Extract<Answer, { readonly ok: true }>>((resolve, reject) => {
        waiting.set(id, { resolve, reject });
      });
      return { id, answer };
    },
    answer(id, answer) {
      settle(id, ({ resolve, reject }) => {
        if (answer.ok) resolve(answer);
        else reject(failure(answer.refusal, answer.message));
      });
    },
    refuse(id, why) {
      settle(id, ({ reject }) => {
        reject(why);
      });
    },
    end() {
      for (const id of waiting.keys()) {
        settle(id, ({ reject }) => {
          reject(failure('going away', 'the supervisor has ended; guests that run go on'));
        });
      }
    },
    get waiting() {
      return waiting.size;
    },
  };
}
