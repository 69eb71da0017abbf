/** Joins chunks of output into whole lines. */

export interface LineWriter {
  write(text: string): void;
  /** Begins a line of its own, whatever was written before. */
  writeLine(line: string): void;
}

export function createLineWriter(write: (text: string) => void): LineWriter {
  let isOpen = false;
  return {
    write(text) {
      if (text !== "") isOpen = !text.endsWith("\n");
      write(text);
    },
    writeLine(line) {
      write(`${isOpen ? "\n" : ""}${line}\n`);
      isOpen = false;
    },
  };
}
