/** A value that JSON can hold. */
export type JsonValue = null | boolean | number | string | JsonValue[] | { [key: string]: JsonValue };

/** A JSON object: fields that this version has no name for, or the caller's own where the API calls an object customizable. */
export type JsonObject = Record<string, JsonValue>;

/** How alike document photo and selfie are: 0 to 100, or a word such as `high`, as given. */
export type SimilarityLevel = number | string;
