import { useState } from 'react';
import { appConfig } from '../app/config.ts';
import classes from './logo.module.css';

const hueOf = (name: string): number => {
  let hue = 7;
  for (const letter of name) hue = (hue * 31 + (letter.codePointAt(0) ?? 0)) % 360;
  return hue;
};

/** The mark of a tool, or its first letter on a tint of its name. `slug`: as the catalog has it. Decoration: the name stands beside it. */
export function Logo({ slug, name, size = 24 }: { slug: string | undefined; name: string; size?: number }) {
  const [isMissing, setMissing] = useState(false);
  const box = { width: size, height: size, borderRadius: Math.max(4, size / 5) };
  if (slug === undefined || slug === '' || isMissing) {
    const hue = hueOf(name);
    return (
      <span
        aria-hidden="true"
        className={classes.letter}
        style={{ ...box, fontSize: size * 0.52, background: `hsl(${hue} 45% 38%)` }}
      >
        {(name.trim()[0] ?? '?').toUpperCase()}
      </span>
    );
  }
  return (
    <span className={classes.mark} style={box} aria-hidden="true">
      <img
        src={`${appConfig().cdnUrl}/logos/${encodeURIComponent(slug)}.svg`}
        alt=""
        width={Math.round(size * 0.78)}
        height={Math.round(size * 0.78)}
        loading="lazy"
        onError={() => setMissing(true)}
      />
    </span>
  );
}
