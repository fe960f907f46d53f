// Messages of the protocol, built from the definitions that the client was generated from.
import { Metadata, status, type ServiceError } from '@grpc/grpc-js';
import shared from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/shared_pb.js';
import statuses from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/status_pb.js';
import streams from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/streams_pb.js';
import any from 'google-protobuf/google/protobuf/any_pb.js';
import empty from 'google-protobuf/google/protobuf/empty_pb.js';
import timestamp from 'google-protobuf/google/protobuf/timestamp_pb.js';
import type { Expected, Stored, Written } from './kurrent-stand-in-log.ts';

const { ReadResp, BatchAppendResp, AppendResp } = streams;

export function uuid(id: string): shared.UUID {
  return new shared.UUID().setString(id);
}

export function uuidText(id: shared.UUID | undefined): string {
  const structured = id?.getStructured();
  if (!structured) return id?.getString() ?? '';
  const hex = [structured.getMostSignificantBits(), structured.getLeastSignificantBits()]
    .map((half) => BigInt.asUintN(64, BigInt(half)).toString(16).padStart(16, '0'))
    .join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

export function streamName(identifier: shared.StreamIdentifier | undefined): string {
  return Buffer.from(identifier?.getStreamName_asU8() ?? []).toString('utf8');
}

function named(stream: string): shared.StreamIdentifier {
  return new shared.StreamIdentifier().setStreamName(Buffer.from(stream, 'utf8'));
}

export function readResponse(event: Omit<Stored, 'response'>): Buffer {
  const record = new ReadResp.ReadEvent.RecordedEvent()
    .setId(uuid(event.id))
    .setStreamIdentifier(named(event.stream))
    .setStreamRevision(String(event.revision))
    .setCommitPosition(String(event.position))
    .setPreparePosition(String(event.position))
    .setData(event.data)
    .setCustomMetadata(event.metadata);
  record.getMetadataMap().set('type', event.type).set('content-type', event.contentType);
  // In ticks of 100 ns, in whole seconds: seen so on a real server.
  record.getMetadataMap().set('created', `${Math.trunc(Date.now() / 1000)}0000000`);
  const read = new ReadResp.ReadEvent().setEvent(record).setCommitPosition(String(event.position));
  return bytes(new ReadResp().setEvent(read));
}

export function confirmation(id: string): Buffer {
  return bytes(new ReadResp().setConfirmation(new ReadResp.SubscriptionConfirmation().setSubscriptionId(id)));
}

export function checkpoint(position: number): Buffer {
  const at = new ReadResp.Checkpoint().setCommitPosition(String(position)).setPreparePosition(String(position));
  return bytes(new ReadResp().setCheckpoint(at));
}

export function caughtUp(): Buffer {
  const now = timestamp.Timestamp.fromDate(new Date());
  return bytes(new ReadResp().setCaughtUp(new ReadResp.CaughtUp().setTimestamp(now)));
}

/** A `caughtUp` whose inside is of another shape than the client expects: its length runs past its end. */
export function garbled(): Buffer {
  return Buffer.from([0x42, 0x02, 0x0a, 0x7f]);
}

export function streamNotFound(stream: string): Buffer {
  return bytes(new ReadResp().setStreamNotFound(new ReadResp.StreamNotFound().setStreamIdentifier(named(stream))));
}

export function batchAppended(
  correlation: string,
  stream: string,
  expected: Expected,
  written: Written,
): streams.BatchAppendResp {
  const response = new BatchAppendResp().setCorrelationId(uuid(correlation)).setStreamIdentifier(named(stream));
  if (written.kind === 'wrong') return response.setError(wrongVersion(expected, written.actual));
  const position = new shared.AllStreamPosition()
    .setCommitPosition(String(written.position))
    .setPreparePosition(String(written.position));
  const success = new BatchAppendResp.Success().setCurrentRevision(String(written.revision)).setPosition(position);
  return response.setSuccess(success);
}

export function appended(expected: Expected, written: Written): streams.AppendResp {
  const response = new AppendResp();
  if (written.kind === 'wrong') {
    const wrong = new AppendResp.WrongExpectedVersion();
    if (written.actual === undefined) wrong.setCurrentNoStream(new shared.Empty());
    else wrong.setCurrentRevision(String(written.actual));
    if (typeof expected === 'number') wrong.setExpectedRevision(String(expected));
    else if (expected === 'no-stream') wrong.setExpectedNoStream(new shared.Empty());
    else wrong.setExpectedStreamExists(new shared.Empty());
    return response.setWrongExpectedVersion(wrong);
  }
  const position = new AppendResp.Position()
    .setCommitPosition(String(written.position))
    .setPreparePosition(String(written.position));
  return response.setSuccess(
    new AppendResp.Success().setCurrentRevision(String(written.revision)).setPosition(position),
  );
}

function wrongVersion(expected: Expected, actual: number | undefined): statuses.Status {
  const wrong = new shared.WrongExpectedVersion();
  if (actual === undefined) wrong.setCurrentNoStream(new empty.Empty());
  else wrong.setCurrentStreamRevision(String(actual));
  if (typeof expected === 'number') wrong.setExpectedStreamPosition(String(expected));
  else if (expected === 'no-stream') wrong.setExpectedNoStream(new empty.Empty());
  else wrong.setExpectedStreamExists(new empty.Empty());
  return details('event_store.client.WrongExpectedVersion', wrong.serializeBinary());
}

export function tooLarge(correlation: string, stream: string, most: number): streams.BatchAppendResp {
  const limit = new shared.MaximumAppendSizeExceeded().setMaxappendsize(most);
  return new BatchAppendResp()
    .setCorrelationId(uuid(correlation))
    .setStreamIdentifier(named(stream))
    .setError(details('event_store.client.MaximumAppendSizeExceeded', limit.serializeBinary()));
}

function details(type: string, value: Uint8Array): statuses.Status {
  const packed = new any.Any();
  packed.pack(value, type);
  return new statuses.Status().setMessage(type).setDetails(packed);
}

/** A gRPC failure with the trailers by which the client tells the server's own errors apart. */
export function failure(code: status, message: string, trailers: Readonly<Record<string, string>> = {}): ServiceError {
  const metadata = new Metadata();
  for (const [key, value] of Object.entries(trailers)) metadata.set(key, value);
  return Object.assign(new Error(message), { code, details: message, metadata });
}

/** As a node answers that does not lead, naming the one that does. */
export function notLeader(leaderPort: number): ServiceError {
  return failure(status.NOT_FOUND, 'Leader info available', {
    exception: 'not-leader',
    'leader-endpoint-host': '127.0.0.1',
    'leader-endpoint-port': String(leaderPort),
  });
}

function bytes(message: { serializeBinary(): Uint8Array }): Buffer {
  return Buffer.from(message.serializeBinary());
}
