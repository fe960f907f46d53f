import { Service } from './api.ts';
import { quick } from './kurrent-log.ts';
import { KurrentStandIn } from './kurrent-stand-in.ts';

/** Services on one stand-in, each with a data directory of its own. */
export class Replicas {
  readonly server: KurrentStandIn;
  readonly #started: Service[] = [];

  private constructor(server: KurrentStandIn) {
    this.server = server;
  }

  static async on(): Promise<Replicas> {
    return new Replicas(await KurrentStandIn.start());
  }

  get log(): string {
    return quick(this.server.connectionString);
  }

  async start(env: Readonly<Record<string, string>> = {}, data?: string): Promise<Service> {
    const service = await Service.start({
      env: { INFORCE_LOG: this.log, ...env },
      ...(data !== undefined && { data }),
    });
    this.#started.push(service);
    return service;
  }

  async end(): Promise<void> {
    // Appends in flight are waited for when a log closes: the server has to be there.
    for (const service of this.#started.splice(0)) await service.stop();
    this.server.kill();
  }
}
