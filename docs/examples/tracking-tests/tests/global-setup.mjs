import { startTributary } from '@tributary/testing';

/** Once for the whole run; a Tributary that runs already is taken as it is. */
export default async function setUp() {
  globalThis.tributary = await startTributary({ join: true });
}
