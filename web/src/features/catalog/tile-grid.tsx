import type { KeyboardEvent } from 'react';
import { CatalogTile } from './catalog-tile.tsx';
import classes from './catalog.module.css';
import type { Tile } from './search-catalog.ts';

export type TileGridProps = {
  label: string;
  tiles: readonly Tile[];
  /** Where a tile leads. */
  pathOf: (tile: Tile) => string;
  /** Goes with each tile's path. */
  search?: Readonly<Record<string, string | undefined>> | undefined;
  /** Whether sources say that they are sources. */
  withKind?: boolean;
};

/** Tiles in rows. Arrow keys go from one to the next, as they lie on the screen. */
export function TileGrid({ label, tiles, pathOf, search, withKind = false }: TileGridProps) {
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- the tiles are links; arrows are a way between them beside Tab
    <ul className={classes.grid} aria-label={label} onKeyDown={onArrow} data-tiles="true">
      {tiles.map((tile) => (
        <li key={`${tile.kind} ${tile.of.slug}`}>
          <CatalogTile tile={tile} to={pathOf(tile)} search={search} withKind={withKind} />
        </li>
      ))}
    </ul>
  );
}

/** The first tile that is on the page gets the focus. */
export function focusFirstTile(): void {
  document.querySelector<HTMLElement>('[data-tiles] a')?.focus();
}

const STEPS: Readonly<Record<string, [number, number]>> = {
  ArrowRight: [1, 0],
  ArrowLeft: [-1, 0],
  ArrowDown: [0, 1],
  ArrowUp: [0, -1],
};

function onArrow(event: KeyboardEvent<HTMLElement>): void {
  const step = STEPS[event.key];
  if (step === undefined) return;
  const links = [...document.querySelectorAll<HTMLElement>('[data-tiles] a')];
  const at = links.findIndex((link) => link === document.activeElement);
  const from = links[at];
  if (from === undefined) return;
  event.preventDefault();
  const [across, down] = step;
  if (across !== 0) {
    links[at + across]?.focus();
    return;
  }
  nextRow(links, from, down)?.focus();
}

/** The nearest tile of the next row in that direction. */
function nextRow(links: readonly HTMLElement[], from: HTMLElement, down: number): HTMLElement | undefined {
  const { left, top } = from.getBoundingClientRect();
  const beyond = links
    .map((link) => ({ link, box: link.getBoundingClientRect() }))
    .filter(({ box }) => (box.top - top) * down > 4)
    .toSorted((a, b) => Math.abs(a.box.top - top) - Math.abs(b.box.top - top));
  const row = beyond.filter(({ box }) => Math.abs(box.top - (beyond[0]?.box.top ?? 0)) < 4);
  return row.toSorted((a, b) => Math.abs(a.box.left - left) - Math.abs(b.box.left - left))[0]?.link;
}
