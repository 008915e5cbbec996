import { adviceOf, type Outcome } from './outcome.ts';
import { ToneDot } from './tone-dot.tsx';
import classes from './trace.module.css';

/** What became of an event and why, in words, with what can be done about it. */
export function OutcomeLine({ outcome }: { outcome: Outcome & { rest?: string } }) {
  const { tone, sentence, rest, code } = outcome;
  const advice = adviceOf(code);
  return (
    <div className={classes.outcome} data-tone={tone} role="status" aria-label="Outcome">
      <ToneDot tone={tone} />
      <p className={classes.sentence}>{sentence}</p>
      {advice !== undefined && tone !== 'good' && (
        <p style={{ fontSize: 13 }}>
          <b>What to do:</b> {advice}
        </p>
      )}
      {rest !== undefined && <p style={{ fontSize: 13 }}>{rest}.</p>}
    </div>
  );
}
