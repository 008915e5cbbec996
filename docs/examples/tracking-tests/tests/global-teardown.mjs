export default async function tearDown() {
  await globalThis.tributary?.stop();
}
