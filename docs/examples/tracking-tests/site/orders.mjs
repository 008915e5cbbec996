/** The shop's server tells of a refund; it has no library and posts the event itself. */
export async function refundOrder(order, { writeKey, trackingUrl }) {
  const answer = await fetch(`${trackingUrl}/v1/track`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      writeKey,
      event: 'Order Refunded',
      userId: order.userId,
      properties: { orderId: order.id, total: order.total },
    }),
  });
  if (!answer.ok) throw new Error(`The event was answered ${answer.status}`);
}
