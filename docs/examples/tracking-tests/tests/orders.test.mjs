import { expectDelivered, expectEvent, expectNoEvent, tracking } from '@tributary/testing';
import { refundOrder } from '../site/orders.mjs';

// Without modules of its own, `jest` is a global; with them, its functions are too.
test('a refund is tracked once the money is back, and reaches our tools', async () => {
  const { writeKey, trackingUrl } = await tracking();
  await refundOrder({ id: 'o-1', userId: 'u-1', total: 12.5 }, { writeKey, trackingUrl });
  const refund = { event: 'Order Refunded', userId: 'u-1', properties: { orderId: /^o-/, total: 12.5 } };
  await expectEvent(refund, { within: 10_000 });
  await expectDelivered('Sink', refund, { within: 15_000 });
  await expectNoEvent({ event: 'Order Completed' }, { within: 500 });
}, 30_000);
