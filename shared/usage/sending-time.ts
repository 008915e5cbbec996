/** Sends a second of so many in flight, each waiting `waitSeconds` and then in one queue for `serviceSeconds`. */
export function throughputOf(inFlight: number, waitSeconds: number, serviceSeconds: number): number {
  let queued = 0;
  let throughput = 0;
  for (let customers = 1; customers <= inFlight; customers += 1) {
    const stay = serviceSeconds * (1 + queued);
    throughput = customers / (waitSeconds + stay);
    queued = throughput * stay;
  }
  return throughput;
}
