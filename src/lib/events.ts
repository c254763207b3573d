import type { WarehouseError } from './errors.ts';

/**
 * What rooms say while they work. Only `report/` knows how to draw it.
 *
 * A step is anything that may take over a second. It starts, may progress, and ends. An error here is one that stops a
 * part of the work; the rest goes on.
 * Events carry places and counts, never values from the data.
 */
export type WarehouseEvent =
  | { event: 'step'; step: string; state: 'start' | 'end' | 'skip'; label: string; reason?: string; ms?: number }
  | { event: 'progress'; step: string; done: number; total?: number; unit: 'bytes' }
  | { event: 'error'; error: WarehouseError }
  | { event: 'notice'; code: string; message: string; next?: string };

export type EventSink = (event: WarehouseEvent) => void;

export const silent: EventSink = () => {};
