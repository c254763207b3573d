import type { WarehouseEvent } from '../../src/lib/events.ts';
import type { TemporaryProject } from './project.ts';

type Notice = Extract<WarehouseEvent, { event: 'notice' }>;

/** What the project says from here on, of the codes that begin so: those of sources, if nothing else is asked for. */
export function noticesOf(project: TemporaryProject, codes = 'SOURCE_'): Notice[] {
  const notices: Notice[] = [];
  project.events = (event) => {
    if (event.event === 'notice' && event.code.startsWith(codes)) notices.push(event);
  };
  return notices;
}

/** The same, as code and message alone. */
export function messagesOf(project: TemporaryProject, codes = 'SOURCE_'): [code: string, message: string][] {
  const messages: [string, string][] = [];
  project.events = (event) => {
    if (event.event === 'notice' && event.code.startsWith(codes)) messages.push([event.code, event.message]);
  };
  return messages;
}
