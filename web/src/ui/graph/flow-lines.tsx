import { memo, useMemo } from 'react';
import { cssColor, toneColor } from '../charts/palette.ts';
import { percent } from '../format.ts';
import { type FlowState, lineWidth, rateText, stateOf } from './flow.ts';
import { type Curve, curveOf, portsOf } from './geometry.ts';
import styles from './graph.module.css';
import type { FlowLine } from './groups.ts';
import type { Boxes } from './use-boxes.ts';

/** Up to this many lines that carry something, each always says its rate; of more, only those that are pointed at. */
const LABELLED_MAX = 12;
/** How wide the part of a line is that takes the pointer, and how much wider than the line its halo is. */
const HIT_PX = 14;
const HALO_PX = 7;
const MARK_PX = 8;
/** Height of a label, and about how wide its characters are: it is drawn before it could be measured. */
const LABEL_PX = 20;
const CHAR_PX = 6.3;
const LABEL_PAD_PX = 7;
/** Room for the mark of a failing line in its label. */
const LABEL_MARK_PX = 12;

const COLORS: Readonly<Record<FlowState, string>> = {
  flowing: cssColor({ hue: 'indigo', light: 5, dark: 4 }),
  failing: toneColor('bad'),
  idle: toneColor('idle'),
  paused: toneColor('idle'),
};
const DASHES: Readonly<Record<FlowState, string | undefined>> = {
  flowing: undefined,
  failing: undefined,
  idle: '5 5',
  paused: '1.5 6',
};

/** What is drawn over what: that something fails must not be hidden by what works. */
const ABOVE: Readonly<Record<FlowState, number>> = { paused: 0, idle: 1, flowing: 2, failing: 3 };
/** From this many lines on they are thinner, so that they can still be told apart. */
const DENSE_FROM = 60;
const DENSE_SHARE = 0.55;

type Drawn = { line: FlowLine; state: FlowState; curve: Curve; width: number };

function drawnOf(lines: readonly FlowLine[], boxes: Boxes): Drawn[] {
  const ports = portsOf(lines, boxes.source, boxes.destination);
  const share = lines.length < DENSE_FROM ? 1 : DENSE_SHARE;
  return lines
    .flatMap((line): Drawn[] => {
      const port = ports.get(line.key);
      if (port === undefined || !boxes.source.has(line.sourceRow) || !boxes.destination.has(line.destinationRow)) {
        return [];
      }
      const curve = curveOf(boxes.left, boxes.right, port.from, port.to, port.place);
      return [{ line, state: stateOf(line), curve, width: lineWidth(line.perMinute) * share }];
    })
    .toSorted((a, b) => ABOVE[a.state] - ABOVE[b.state]);
}

/** The lines behind the cards. Those not in `lit` step back while there are some in it; the cards never do. */
export function FlowLines({
  lines,
  boxes,
  lit,
  selected,
}: {
  lines: readonly FlowLine[];
  boxes: Boxes;
  lit: (line: FlowLine) => boolean;
  selected: string | undefined;
}) {
  const drawn = useMemo(() => drawnOf(lines, boxes), [lines, boxes]);
  const front = drawn.filter(({ line }) => lit(line));
  const chosen = drawn.filter(({ line }) => line.key === selected);
  const carrying = drawn.filter(({ state }) => state === 'flowing' || state === 'failing');
  const always = drawn.length <= LABELLED_MAX ? drawn : carrying.length <= LABELLED_MAX ? carrying : [];
  const named = [...new Set([...always, ...front, ...chosen])];
  return (
    <svg className={styles['lines']} width={boxes.width} height={boxes.height} aria-hidden="true">
      <g className={front.length > 0 ? styles['back'] : undefined}>
        <Paths drawn={drawn} marks={always.length === 0} />
      </g>
      {chosen.map(({ line, state, curve, width }) => (
        <path
          key={line.key}
          d={curve.path}
          fill="none"
          stroke={COLORS[state]}
          strokeOpacity={0.25}
          strokeWidth={width + HALO_PX}
        />
      ))}
      <Paths drawn={[...front, ...chosen]} marks={false} />
      <Hits drawn={drawn} />
      {named.map((one) => (
        <Label key={one.line.key} {...one} dim={front.length > 0 && !front.includes(one) && !chosen.includes(one)} />
      ))}
    </svg>
  );
}

/** `marks`: a failing line is marked in its middle; where it has a label, that has the mark. */
const Paths = memo(({ drawn, marks }: { drawn: readonly Drawn[]; marks: boolean }) => (
  <g fill="none">
    {drawn.map(({ line, state, curve, width }, index) => (
      <g key={`${line.key} ${index}`}>
        <path
          d={curve.path}
          stroke={COLORS[state]}
          strokeWidth={state === 'idle' || state === 'paused' ? lineWidth(0) : width}
          strokeDasharray={DASHES[state]}
          strokeLinecap={state === 'paused' ? 'round' : 'butt'}
        />
        {marks && state === 'failing' && (
          <g transform={`translate(${curve.middle.x} ${curve.middle.y})`}>
            <circle className={styles['mark']} r={MARK_PX} fill={COLORS.failing} />
            <path className={styles['exclamation']} d="M0 -4V1M0 4V3.9" />
          </g>
        )}
      </g>
    ))}
  </g>
));
Paths.displayName = 'Paths';

const Hits = memo(({ drawn }: { drawn: readonly Drawn[] }) => (
  <g>
    {drawn.map(({ line, curve }) => (
      <path key={line.key} className={styles['hit']} d={curve.path} strokeWidth={HIT_PX} data-line={line.key} />
    ))}
  </g>
));
Hits.displayName = 'Hits';

function Label({ line, state, curve, dim }: Omit<Drawn, 'width'> & { dim: boolean }) {
  const count = line.connections.length;
  const parts = [
    state === 'idle' ? 'idle' : state === 'paused' ? 'paused' : `${rateText(line.perMinute)}/min`,
    ...(count > 1 ? [`${count} connections`] : []),
    ...(state === 'failing' ? [`${percent(line.failedShare)} failed`] : []),
  ];
  const text = parts.join(' · ');
  const isFailing = state === 'failing';
  const width = text.length * CHAR_PX + 2 * LABEL_PAD_PX + (isFailing ? LABEL_MARK_PX : 0);
  const at = isFailing ? curve.middle : curve.label;
  return (
    <g
      className={isFailing ? `${styles['rate']} ${styles['bad']}` : styles['rate']}
      transform={`translate(${Math.round(at.x)} ${Math.round(at.y)})`}
      opacity={dim ? 0 : 1}
    >
      <rect x={-width / 2} y={-LABEL_PX / 2} width={width} height={LABEL_PX} rx={LABEL_PX / 2} />
      {isFailing && (
        <g transform={`translate(${LABEL_PX / 2 - width / 2} 0) scale(0.8)`}>
          <circle r={MARK_PX} fill={COLORS.failing} />
          <path className={styles['exclamation']} d="M0 -4V1M0 4V3.9" />
        </g>
      )}
      <text x={isFailing ? LABEL_MARK_PX / 2 : 0} dy="0.35em" textAnchor="middle">
        {text}
      </text>
    </g>
  );
}
