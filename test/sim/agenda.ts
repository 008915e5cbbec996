import { MinHeap } from './min-heap.ts';

export type Agenda = {
  /** Answers what takes the appointment back. */
  add(atMs: number, action: () => void): () => void;
  /** When the next appointment is; undefined where there is none. */
  nextAtMs(): number | undefined;
  /** Takes the next appointment out. Of one moment, first made first. */
  take(): (() => void) | undefined;
};

/** What happens at moments of virtual time, earliest first. */
export function createAgenda(): Agenda {
  const appointments = new MinHeap<{ action: (() => void) | undefined }>();
  /** Appointments that were taken back stay in the heap until their turn. */
  const dropCancelled = (): void => {
    for (
      let next = appointments.first();
      next !== undefined && next.action === undefined;
      next = appointments.first()
    ) {
      appointments.take();
    }
  };
  return {
    add: (atMs, action) => {
      const appointment: { action: (() => void) | undefined } = { action };
      appointments.add(atMs, appointment);
      return () => {
        appointment.action = undefined;
      };
    },
    nextAtMs: () => {
      dropCancelled();
      return appointments.firstKey();
    },
    take: () => {
      dropCancelled();
      return appointments.take()?.action;
    },
  };
}
