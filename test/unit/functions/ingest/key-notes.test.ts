import { keyNotes } from '../../../../functions/ingest/key-notes.ts';
import { writeKeyTag } from '../../../../shared/aws/secret-texts.ts';

test('each key is noted once a minute', () => {
  const note = keyNotes();
  const asked = [
    note('key-a', '2026-11-27T10:00:01.000Z'),
    note('key-a', '2026-11-27T10:00:59.999Z'),
    note('key-b', '2026-11-27T10:00:59.999Z'),
    note('key-a', '2026-11-27T10:01:00.000Z'),
  ];
  expect(asked).toEqual([writeKeyTag('key-a'), undefined, writeKeyTag('key-b'), writeKeyTag('key-a')]);
});
