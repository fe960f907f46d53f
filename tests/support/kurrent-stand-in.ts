// A stand-in for a KurrentDB server: a gRPC server of this process that speaks the client's own protocol definitions over
// a log in memory, and misbehaves on command. It keeps nothing, knows no users, and is no measure of speed.
import { setTimeout as pause } from 'node:timers/promises';
import {
  Server,
  ServerCredentials,
  status,
  type MethodDefinition,
  type ServerDuplexStream,
  type ServerReadableStream,
  type ServerUnaryCall,
  type sendUnaryData,
} from '@grpc/grpc-js';
import gossipCalls from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/gossip_grpc_pb.js';
import gossip from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/gossip_pb.js';
import featureCalls from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/serverfeatures_grpc_pb.js';
import features from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/serverfeatures_pb.js';
import type shared from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/shared_pb.js';
import streamCalls from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/streams_grpc_pb.js';
import streams from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/streams_pb.js';
import { KurrentStandInFaults } from './kurrent-stand-in-faults.ts';
import { StandInLog, type Expected, type Proposed } from './kurrent-stand-in-log.ts';
import {
  appended,
  batchAppended,
  failure,
  notLeader,
  streamName,
  tooLarge,
  uuid,
  uuidText,
} from './kurrent-stand-in-messages.ts';
import { answerRead, type ReadCall } from './kurrent-stand-in-reads.ts';

type Batch = ServerDuplexStream<streams.BatchAppendReq, streams.BatchAppendResp>;

interface Pending {
  readonly stream: string;
  readonly expected: Expected;
  readonly proposed: Proposed[];
  size: number;
}

/** What a server takes in one append unless it is told otherwise (MaxAppendSize). */
const MOST_BYTES = 1024 * 1024;

// Answers to reads are ready as bytes when the event is written.
const { read: readMethod } = streamCalls.StreamsService;
const read: MethodDefinition<streams.ReadReq, Buffer> = {
  ...readMethod,
  responseSerialize: (bytes) => bytes,
  responseDeserialize: (bytes) => bytes,
};

export class KurrentStandIn {
  readonly log = new StandInLog();
  readonly faults = new KurrentStandInFaults();
  readonly #batches = new Set<Batch>();
  readonly #reads = new Set<ReadCall>();
  #server: Server | undefined;
  #port = 0;

  static async start(): Promise<KurrentStandIn> {
    const standIn = new KurrentStandIn();
    await standIn.start();
    return standIn;
  }

  get connectionString(): string {
    return `kurrentdb://127.0.0.1:${this.#port}?tls=false`;
  }

  get port(): number {
    return this.#port;
  }

  /** As a cluster is named: the node is found by asking for gossip. */
  get gossipConnectionString(): string {
    return `kurrentdb://127.0.0.1:${this.#port},localhost:${this.#port}?tls=false&nodePreference=leader`;
  }

  async start(): Promise<void> {
    const server = new Server({ 'grpc.max_receive_message_length': 17 * 1024 * 1024 });
    server.addService(
      { ...streamCalls.StreamsService, read },
      {
        read: (call: ReadCall) => this.#read(call),
        append: (
          call: ServerReadableStream<streams.AppendReq, streams.AppendResp>,
          done: sendUnaryData<streams.AppendResp>,
        ) => this.#append(call, done),
        batchAppend: (call: Batch) => this.#batchAppend(call),
      },
    );
    server.addService(featureCalls.ServerFeaturesService, {
      getSupportedMethods: (_: unknown, done: sendUnaryData<features.SupportedMethods>) => this.#features(done),
    });
    server.addService(gossipCalls.GossipService, {
      read: (_: ServerUnaryCall<shared.Empty, gossip.ClusterInfo>, done: sendUnaryData<gossip.ClusterInfo>) =>
        done(null, this.#members()),
    });
    this.#port = await new Promise<number>((resolve, reject) => {
      server.bindAsync(`127.0.0.1:${this.#port}`, ServerCredentials.createInsecure(), (error, port) =>
        error ? reject(error) : resolve(port),
      );
    });
    this.#server = server;
  }

  /** Gone at once, in the middle of whatever it was doing. The log is kept for `start`. */
  kill(): void {
    this.#server?.forceShutdown();
    this.#server = undefined;
    this.log.grown.emit('grown');
  }

  /** Ends every subscription and append stream without an error, as a server does that shuts down in order. */
  closeCleanly(): void {
    for (const call of [...this.#batches, ...this.#reads]) call.end();
  }

  /** Breaks every read and subscription that is under way. */
  breakReads(): void {
    for (const call of this.#reads) call.emit('error', failure(status.UNAVAILABLE, 'Server is shutting down'));
  }

  get subscriptions(): number {
    return [...this.#reads].filter((call) => call.request.getOptions()?.hasSubscription()).length;
  }

  #features(done: sendUnaryData<features.SupportedMethods>): void {
    if (this.faults.take('poison')) return done(failure(status.RESOURCE_EXHAUSTED, 'Too many requests'));
    const methods = new features.SupportedMethods().setEventStoreServerVersion('24.10.0');
    for (const name of ['append', 'batchappend', 'read']) {
      const method = new features.SupportedMethod()
        .setServiceName('event_store.client.streams.streams')
        .setMethodName(name);
      if (name === 'read') method.setFeaturesList(['position', 'events']);
      methods.addMethods(method);
    }
    done(null, methods);
  }

  #members(): gossip.ClusterInfo {
    const endpoint = new gossip.EndPoint().setAddress('127.0.0.1').setPort(this.#port);
    const leader = new gossip.MemberInfo()
      .setInstanceId(uuid(crypto.randomUUID()))
      .setState(gossip.MemberInfo.VNodeState.LEADER)
      .setIsAlive(true)
      .setHttpEndPoint(endpoint);
    return new gossip.ClusterInfo().setMembersList([leader]);
  }

  #read(call: ReadCall): void {
    this.#reads.add(call);
    const over = (): void => void this.#reads.delete(call);
    call.on('close', over).on('cancelled', over).on('finish', over);
    answerRead(call, this.log, this.faults, this.#port).catch((error: unknown) => call.emit('error', error));
  }

  #batchAppend(call: Batch): void {
    const pending = new Map<string, Pending>();
    this.#batches.add(call);
    call.on('close', () => this.#batches.delete(call));
    call.on('error', () => this.#batches.delete(call));
    call.on('end', () => call.end());
    call.on('data', (request: streams.BatchAppendReq) => {
      const correlation = uuidText(request.getCorrelationId());
      const options = request.getOptions();
      if (options) {
        const expected = expectedOf(options);
        pending.set(correlation, {
          stream: streamName(options.getStreamIdentifier()),
          expected,
          proposed: [],
          size: 0,
        });
      }
      const one = pending.get(correlation);
      if (!one) return;
      for (const message of request.getProposedMessagesList()) add(one, message);
      if (!request.getIsFinal()) return;
      pending.delete(correlation);
      void this.#answerBatch(call, correlation, one);
    });
  }

  async #answerBatch(call: Batch, correlation: string, { stream, expected, proposed, size }: Pending): Promise<void> {
    const { faults } = this;
    if (faults.take('silent-append')) return;
    if (faults.take('half-close-append')) return void call.end();
    if (faults.take('not-leader')) return void call.emit('error', notLeader(this.#port));
    if (faults.slowMs > 0) await pause(faults.slowMs);
    if (faults.take('wrong-version')) {
      const actual = (this.log.stream(stream)?.length ?? 0) - 1;
      const wrong = { kind: 'wrong', actual: actual < 0 ? undefined : actual } as const;
      return void call.write(batchAppended(correlation, stream, expected, wrong));
    }
    if (size > MOST_BYTES) return void call.write(tooLarge(correlation, stream, MOST_BYTES));
    const first = proposed[0]?.id ?? '';
    if (faults.isReplicating(first)) return;
    const written = this.log.write(stream, expected, proposed);
    if (faults.take('lost-answer')) return;
    await faults.replicate(first);
    if (faults.take('kill-after-write')) return this.kill();
    if (written.kind === 'success' && faults.take('wrong-version-after-write')) {
      const wrong = { kind: 'wrong', actual: written.revision } as const;
      return void call.write(batchAppended(correlation, stream, expected, wrong));
    }
    if (!call.destroyed) call.write(batchAppended(correlation, stream, expected, written));
  }

  #append(
    call: ServerReadableStream<streams.AppendReq, streams.AppendResp>,
    done: sendUnaryData<streams.AppendResp>,
  ): void {
    let one: Pending | undefined;
    call.on('data', (request: streams.AppendReq) => {
      const options = request.getOptions();
      if (options)
        one = {
          stream: streamName(options.getStreamIdentifier()),
          expected: expectedOf(options),
          proposed: [],
          size: 0,
        };
      const message = request.getProposedMessage();
      if (message && one) add(one, message);
    });
    call.on('end', () => {
      if (one) done(null, appended(one.expected, this.log.write(one.stream, one.expected, one.proposed)));
    });
  }
}

function expectedOf(options: streams.BatchAppendReq.Options | streams.AppendReq.Options): Expected {
  if (options.hasNoStream()) return 'no-stream';
  if (options.hasStreamExists()) return 'stream-exists';
  if (options.hasAny()) return 'any';
  return Number('getStreamPosition' in options ? options.getStreamPosition() : options.getRevision());
}

function add(
  pending: Pending,
  message: streams.BatchAppendReq.ProposedMessage | streams.AppendReq.ProposedMessage,
): void {
  const metadata = message.getMetadataMap();
  const [type = '', contentType = ''] = [metadata.get('type'), metadata.get('content-type')];
  const [data, custom] = [message.getData_asU8(), message.getCustomMetadata_asU8()];
  pending.proposed.push({ id: uuidText(message.getId()), type, contentType, data, metadata: custom });
  // What counts against MaxAppendSize: data, metadata, and the type in UTF-16.
  pending.size += data.length + custom.length + type.length * 2;
}
