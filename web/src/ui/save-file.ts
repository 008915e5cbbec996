/** Saves a value as a JSON file of the browser's downloads. */
export function saveJson(fileName: string, value: unknown): void {
  save(fileName, new Blob([JSON.stringify(value, null, 2)], { type: 'application/json' }));
}

/** Saves a text as a file. */
export function saveText(fileName: string, text: string, type: string): void {
  save(fileName, new Blob([text], { type }));
}

function save(fileName: string, blob: Blob): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  link.click();
  URL.revokeObjectURL(url);
}
