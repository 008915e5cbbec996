import { IconCheck } from '@tabler/icons-react';
import classes from './add.module.css';
import { placeOf, type StepId, STEPS } from './steps.ts';

/** The six steps: which is open, which are done. Done ones are ways back. */
export function StepList({ step, last, onGo }: { step: StepId; last: StepId; onGo: (step: StepId) => void }) {
  const at = placeOf(step);
  return (
    <nav aria-label="Steps" className={classes.steps}>
      <div className={classes.stepCount}>
        Step {at + 1} of {STEPS.length}
      </div>
      <ol>
        {STEPS.map(({ id, title }, index) => (
          <li key={id} data-state={index === at ? 'open' : index < at ? 'done' : 'ahead'}>
            <button
              type="button"
              aria-current={index === at ? 'step' : undefined}
              disabled={index > placeOf(last)}
              onClick={() => onGo(id)}
            >
              <span className={classes.stepMark} aria-hidden="true">
                {index < at ? <IconCheck size={13} stroke={3} /> : index + 1}
              </span>
              {title}
            </button>
          </li>
        ))}
      </ol>
    </nav>
  );
}
