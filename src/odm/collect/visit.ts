import { setInt64, type Table } from '../columns.ts';
import type { Attributes } from '../xml/events.ts';
import type { Collection } from './collection.ts';
import type { Frames } from './frames.ts';
import { FORM, LevelColumns, LevelRule, STUDY_EVENT } from './level.ts';
import type { Rule } from './rule.ts';

/** StudyEventData (ODM 1.3.2, 3.1.4.1.1): its row is complete at its start tag. */
export class StudyEventRule extends LevelRule {
  readonly #table: Table;
  readonly #columns: LevelColumns;

  constructor(collection: Collection, frames: Frames, foreign: Rule) {
    super(collection, frames, foreign, STUDY_EVENT);
    this.#table = collection.tables.study_event_data;
    this.#columns = new LevelColumns(this.#table, 'study_event_code');
  }

  open(_name: number, _element: number, attributes: Attributes, place: number): Rule {
    const frame = this.enter(attributes, place);
    frame.studyEvent = frame.key;
    this.#columns.write(frame, frame.key);
    this.#table.next();
    return this;
  }

  override close(): void {
    this.leave();
  }
}

/** FormData (ODM 1.3.2, 3.1.4.1.1.1); below SubjectData in REDCap's classic projects. */
export class FormRule extends LevelRule {
  readonly #table: Table;
  readonly #columns: LevelColumns;
  readonly #studyEvent: Int32Array;

  constructor(collection: Collection, frames: Frames, foreign: Rule) {
    super(collection, frames, foreign, FORM);
    this.#table = collection.tables.form_data;
    this.#columns = new LevelColumns(this.#table, 'form_code');
    this.#studyEvent = this.#table.words('study_event_data_key');
  }

  open(_name: number, _element: number, attributes: Attributes, place: number): Rule {
    const frame = this.enter(attributes, place);
    frame.form = frame.key;
    this.#columns.write(frame, frame.key);
    setInt64(this.#studyEvent, this.#table.length, frame.studyEvent);
    this.#table.next();
    return this;
  }

  override close(): void {
    this.leave();
  }
}
