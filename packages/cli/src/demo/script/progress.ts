import type { ActMark } from '../view/view.ts';
import { type Act, type ActResult, isKept } from './act.ts';

/** How far the script has come. */
export class Progress {
  readonly marks: ActMark[];
  title = 'Starting';
  story = '';
  readonly #count: number;

  constructor(count: number) {
    this.#count = count;
    this.marks = Array.from({ length: count }, () => 'waiting');
  }

  begin(index: number, { title, story }: Act): void {
    this.marks[index] = 'now';
    this.title = `${index + 1} of ${this.#count}: ${title}`;
    this.story = story;
  }

  end(index: number, result: ActResult): void {
    this.marks[index] = isKept(result) ? 'kept' : 'broken';
  }

  finish(title: string): void {
    this.title = title;
    this.story = '';
  }
}
