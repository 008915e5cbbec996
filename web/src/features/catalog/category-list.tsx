import { Select } from '@mantine/core';
import { DESTINATION_CATEGORIES, SOURCE_CATEGORIES } from '../../../../shared/catalog/categories.ts';
import classes from './catalog.module.css';
import type { Kind } from './search-catalog.ts';

export type CategoryListProps = {
  /** Undefined while they are asked. */
  counts: ReadonlyMap<string, number> | undefined;
  total: number;
  kind: Kind;
  value: string | undefined;
  onChange: (category: string | undefined) => void;
};

const groupsOf = (kind: Kind) => [
  ...(kind === 'sources' ? [] : [{ label: 'Destinations', names: DESTINATION_CATEGORIES as readonly string[] }]),
  ...(kind === 'destinations' ? [] : [{ label: 'Sources', names: SOURCE_CATEGORIES as readonly string[] }]),
];

/** The categories with how much each has; a list beside the tiles, a select on phones. */
export function CategoryList({ counts, total, kind, value, onChange }: CategoryListProps) {
  const groups = groupsOf(kind);
  const of = (name: string): number | undefined => counts && (counts.get(name) ?? 0);
  return (
    <>
      <nav className={classes.categories} aria-label="Categories">
        <CategoryButton
          name="All"
          count={counts && total}
          isOn={value === undefined}
          onClick={() => onChange(undefined)}
        />
        {groups.map(({ label, names }) => (
          <div key={label} role="group" aria-label={`Categories of ${label.toLowerCase()}`}>
            <div className={classes.categoryHead}>{label}</div>
            {names.map((name) => (
              <CategoryButton
                key={name}
                name={name}
                count={of(name)}
                isOn={value === name}
                onClick={() => onChange(value === name ? undefined : name)}
              />
            ))}
          </div>
        ))}
      </nav>
      <Select
        className={classes.categorySelect ?? ''}
        aria-label="Category"
        value={value ?? ''}
        onChange={(name) => onChange(name === null || name === '' ? undefined : name)}
        allowDeselect={false}
        data={[
          { value: '', label: counts === undefined ? 'All categories' : `All categories (${total})` },
          ...groups.map(({ label, names }) => ({
            group: label,
            items: names
              .filter((name) => of(name) !== 0)
              .map((name) => ({ value: name, label: counts === undefined ? name : `${name} (${of(name)})` })),
          })),
        ]}
      />
    </>
  );
}

type CategoryButtonProps = { name: string; count: number | undefined; isOn: boolean; onClick: () => void };

function CategoryButton({ name, count, isOn, onClick }: CategoryButtonProps) {
  return (
    <button
      type="button"
      className={classes.category}
      aria-pressed={isOn}
      disabled={count === 0 && !isOn}
      onClick={onClick}
    >
      <span>{name}</span>
      <span className="numbers">{count}</span>
    </button>
  );
}
