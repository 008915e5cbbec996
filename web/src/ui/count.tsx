import { Text, type TextProps } from '@mantine/core';
import { compact, exact, percent } from './format.ts';
import { Hint } from './hint.tsx';

/** A number, short from 10,000 on, exact on hover. */
export function Count({ value, ...text }: { value: number } & TextProps) {
  const short = compact(value);
  const number = (
    <Text component="span" inherit className="numbers" {...text}>
      {short}
    </Text>
  );
  return short === exact(value) ? number : <Hint label={exact(value)}>{number}</Hint>;
}

/** A share of 1 as per cent. */
export function Share({ value, ...text }: { value: number } & TextProps) {
  return (
    <Text component="span" inherit className="numbers" {...text}>
      {percent(value)}
    </Text>
  );
}
