/** No turn is free and the queue is full. */
export class TooManyWaiting extends Error {
  override readonly name = "TooManyWaiting";
}

/**
 * Lets at most `atOnce` jobs run at a time and at most `waiting` wait; throws TooManyWaiting beyond.
 * Password hashes need up to 100 MB each while they are computed, and all threads of Node's pool.
 */
export function turns(limits: {
  readonly atOnce: number;
  readonly waiting: number;
}): <Result>(job: () => Promise<Result>) => Promise<Result> {
  let running = 0;
  const queue: (() => void)[] = [];
  return async (job) => {
    if (running < limits.atOnce) running += 1;
    else {
      if (queue.length >= limits.waiting) throw new TooManyWaiting("Too many passwords are being checked.");
      await new Promise<void>((resolve) => queue.push(resolve));
    }
    try {
      return await job();
    } finally {
      const next = queue.shift();
      // A waiting job takes over the turn, so the count stays.
      if (next === undefined) running -= 1;
      else next();
    }
  };
}
