import { markdownTable as tableOf } from 'markdown-table';

type Cells = readonly string[];

/** A Markdown table that also reads well in a terminal. The first column is text, the others are numbers. */
export const markdownTable = (head: Cells, rows: readonly Cells[]): string =>
  tableOf([head, ...rows], { align: head.map((_, column) => (column === 0 ? null : 'right')) });
