/** What the inference API needs of AWS, in its own nouns. Adapters implement it; nothing here names an SDK. */

/** Long-lived or temporary credentials that a request is signed with. */
export interface SigningIdentity {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

/** Who the process is to AWS. */
export interface IdentitySource {
  /** The credentials that count now; cheap, and renewed before they expire. Rejects when there are none. */
  current(): SigningIdentity | Promise<SigningIdentity>;
}

/** Where the runtime of this region is. */
export interface RuntimeAddress {
  /** Such as `https://runtime.sagemaker.eu-west-1.amazonaws.com`. */
  readonly origin: string;
  readonly region: string;
}

/** What DescribeEndpoint says now. */
export interface EndpointSight {
  readonly status: string;
  readonly configName: string;
  /** What an update under way leads to; null: none is. */
  readonly pendingConfigName: string | null;
  /** Epoch milliseconds of the endpoint's last change. */
  readonly modifiedAtMs: number;
}

/** The model behind one variant of a config. */
export interface VariantModel {
  readonly variant: string;
  /** null: the model was not made of one registered package. */
  readonly packageArn: string | null;
}

/** What a config leads to. A config never changes, so this is read once for each. */
export interface ConfigModels {
  readonly variants: readonly VariantModel[];
  /** The rollout that made it, by titanic's own tag; null: none. */
  readonly rolloutId: string | null;
}

/** Reads which model serves. Every method rejects when AWS cannot be read. */
export interface ServedModelReader {
  /** null: there is no such endpoint. */
  describe(): Promise<EndpointSight | null>;
  modelsOf(configName: string): Promise<ConfigModels>;
}

/** Which endpoint prod is, as titanic's record says it. */
export interface PointedAt {
  /** Entry of the record that decided it; it only grows. */
  readonly seq: number;
  readonly endpointName: string;
  readonly configName: string;
  /** Of the model package that the endpoint ran then; null: not known. */
  readonly version: number | null;
  /** ISO 8601. */
  readonly at: string;
}

/** Reads the pointer, strongly consistent. */
export interface PointerReader {
  /** null: there is none. Rejects when it cannot be read or is malformed. */
  read(): Promise<PointedAt | null>;
}

/** A text that is kept somewhere else, such as a file or a secret. */
export interface TextSource {
  readonly name: string;
  read(): Promise<string>;
}
