import net from 'node:net';

/** Which bytes of a connection get through; it is cut behind the last of them. */
export interface Cut {
  /** Of what the client sends, and of what the server answers; the first to be reached counts. */
  sent?: number;
  answered?: number;
}

/** A TCP proxy before a server, that cuts connections where it is told. */
export class CuttingProxy {
  /** How many bytes the last connection has sent, and been answered. */
  sent = 0;
  answered = 0;
  /** Where each packet that the client sent has ended: one message, or a few that belong together. */
  readonly boundaries: number[] = [];
  /** For the connections to come; one at a time is meant. */
  cut: Cut = {};
  /** Swallows what the server answers from now on, and cuts the connection instead. */
  mute = false;
  private readonly sockets = new Set<net.Socket>();

  private constructor(private readonly server: net.Server) {}

  static async open(target: URL): Promise<CuttingProxy> {
    const server = net.createServer();
    const proxy = new CuttingProxy(server);
    server.on('connection', (client) => proxy.serve(client, net.connect(Number(target.port), target.hostname)));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  /** The same address, through the proxy. */
  through(url: string): string {
    const address = new URL(url);
    address.hostname = '127.0.0.1';
    address.port = String((this.server.address() as net.AddressInfo).port);
    return address.href;
  }

  /** Cuts the connections that there are. */
  sever(): void {
    for (const socket of this.sockets) socket.destroy();
    this.sockets.clear();
  }

  async close(): Promise<void> {
    this.sever();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private serve(client: net.Socket, server: net.Socket): void {
    Object.assign(this, { sent: 0, answered: 0 });
    this.boundaries.length = 0;
    const { cut } = this;
    const both = [client, server];
    const end = () => {
      for (const socket of both) socket.destroy();
    };
    for (const socket of both) {
      this.sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', end).on('close', end);
    }
    client.on('data', (data) => {
      const rest = (cut.sent ?? Number.POSITIVE_INFINITY) - this.sent;
      this.sent += Math.min(rest, data.length);
      this.boundaries.push(this.sent);
      // What was let through has to arrive before the connection ends.
      if (data.length >= rest) server.end(data.subarray(0, rest), end);
      else server.write(data);
    });
    server.on('data', (data) => {
      if (this.mute) return end();
      const rest = (cut.answered ?? Number.POSITIVE_INFINITY) - this.answered;
      this.answered += Math.min(rest, data.length);
      if (data.length >= rest) client.end(data.subarray(0, rest), end);
      else client.write(data);
    });
  }
}
