import { IconArrowDownRight, IconArrowUpRight, IconChevronDown, IconChevronUp } from '@tabler/icons-react';
import { Spark } from '../../ui/charts/spark.tsx';
import { type Change, type Tile, type TileId } from './kpi.ts';
import own from './kpi.module.css';
import classes from './overview.module.css';
import { Hint } from '../../ui/hint.tsx';

/** Width and height of the course in a tile, in px. */
const SPARK_WIDTH = 92;
const SPARK_HEIGHT = 30;

/** How much came, what became of it, what fails and how long it takes (A06). A tile opens what is behind its number. */
export function KpiStrip({
  tiles,
  rangeText,
  open,
  onOpen,
  panelId,
}: {
  tiles: readonly Tile[];
  rangeText: string;
  open: TileId | undefined;
  onOpen: (tile: TileId | undefined) => void;
  panelId: string;
}) {
  return (
    <section className={classes['strip']} aria-label="Key numbers">
      {tiles.map((tile) => {
        const isOpen = tile.id === open;
        const Chevron = isOpen ? IconChevronUp : IconChevronDown;
        return (
          <button
            key={tile.id}
            type="button"
            className={classes['tile']}
            aria-expanded={isOpen}
            aria-controls={isOpen ? panelId : undefined}
            onClick={() => onOpen(isOpen ? undefined : tile.id)}
          >
            <span className={own['tileLabel']}>
              {tile.label}
              <Chevron size={14} aria-hidden="true" />
            </span>
            <span
              className={`${own['tileValue']} numbers`}
              data-tone={tile.tone === 'bad' ? 'bad' : undefined}
              title={tile.exactly}
            >
              {tile.value}
            </span>
            <span className={own['tileSpark']}>
              {tile.values.some((value) => value > 0) && (
                <Spark
                  values={tile.values}
                  label={`${tile.label} over ${rangeText}`}
                  tone={tile.tone}
                  width={SPARK_WIDTH}
                  height={SPARK_HEIGHT}
                />
              )}
            </span>
            <span className={own['tileFoot']}>
              {tile.change !== undefined && <ChangeMark change={tile.change} rangeText={rangeText} />}
              <span className={own['tileAbout']}>{tile.about}</span>
            </span>
          </button>
        );
      })}
    </section>
  );
}

function ChangeMark({ change: { text, isUp, better }, rangeText }: { change: Change; rangeText: string }) {
  const Arrow = isUp ? IconArrowUpRight : IconArrowDownRight;
  const than = `${isUp ? 'More' : 'Less'} by ${text} than in the ${rangeText} before`;
  return (
    <Hint label={than}>
      <span className={own['change']} data-better={better}>
        <Arrow size={13} aria-hidden="true" />
        <span aria-label={than} role="img">
          {text}
        </span>
      </span>
    </Hint>
  );
}
