/** An execution environment that can be killed: after that, nothing of what it still wants to do happens. */
export function aLife() {
  let isDead = false;
  const death = Promise.withResolvers<'died'>();
  const never = new Promise<never>(() => undefined);
  return {
    isDead: () => isDead,
    death: death.promise,
    /** Kills it, here and now: the caller waits for ever. */
    die: (): Promise<never> => {
      isDead = true;
      death.resolve('died');
      return never;
    },
    never,
  };
}
export type Life = ReturnType<typeof aLife>;

/** The same port, or several, in the hands of somebody mortal: calls that are made after the death neither happen nor answer. */
export function mortal<T extends object>(life: Life, port: T): T {
  return new Proxy(port, {
    get: (target, name, receiver): unknown => {
      const value: unknown = Reflect.get(target, name, receiver);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]): unknown => {
        if (life.isDead()) return life.never;
        const answer: unknown = Reflect.apply(value, target, args);
        // What was under way at the death has happened; nobody hears of it.
        return answer instanceof Promise
          ? answer.then((result: unknown) => (life.isDead() ? life.never : result))
          : answer;
      };
    },
  });
}
