// The least that route could do: read each request, and write each of its events once for each destination.
const destinations = Number(process.env.BENCH_DESTINATIONS);

export const handler = async ({ Records }) => {
  let bytes = 0;
  for (const { body } of Records) {
    const { batch } = JSON.parse(body).body;
    for (const event of batch) {
      for (let count = 0; count < destinations; count += 1) bytes += JSON.stringify(event).length;
    }
  }
  return { batchItemFailures: [], bytes };
};
