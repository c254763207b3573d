import type { Connection } from '../../store/connection.ts';

/** Node has four threads for what it waits for: of each connection it is a query, or the ledger's file in its turn. */
const MOST = 4;

/** A connection that is opened when it is first asked for. */
export type Place = () => Promise<Connection>;

/** The connections of one instance on which models are made at the same time. */
export interface Connections {
  readonly places: readonly Place[];
  close(): void;
}

/**
 * One more than DuckDB has threads, since one waits for its turn or for the disk, and at most four; or the one that there
 * is, where DuckDB has one thread, or no other can be opened.
 */
export async function connectionsBeside(connection: Connection, connect?: Place): Promise<Connections> {
  const threads = connect === undefined ? 1 : await threadsOf(connection);
  if (connect === undefined || threads === 1) return { places: [async () => connection], close: () => {} };
  const opened: Connection[] = [];
  const place = (): Place => {
    let own: Promise<Connection> | undefined;
    const open = async () => {
      const made = await connect();
      opened.push(made);
      return made;
    };
    return () => {
      own ??= open();
      return own;
    };
  };
  return {
    places: Array.from({ length: Math.min(threads + 1, MOST) }, place),
    close: () => {
      for (const one of opened) one.close();
    },
  };
}

async function threadsOf(connection: Connection): Promise<number> {
  const row = await connection.row<{ threads: bigint }>("SELECT current_setting('threads') AS threads");
  return Number(row!.threads);
}
