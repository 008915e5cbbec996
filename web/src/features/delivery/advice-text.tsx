import { Code } from '@mantine/core';

/** Advice of the API: what stands between backticks is code. */
export function AdviceText({ text }: { text: string }) {
  return (
    <>
      {text.split('`').map((part, index) => {
        const isCode = index % 2 === 1;
        return isCode ? <Code key={index}>{part}</Code> : part;
      })}
    </>
  );
}
