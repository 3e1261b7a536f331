/** The path of the program of this platform. Throws an error with the code `VIDEOID_SANDBOX_MISSING` where there is none. */
export declare function program(): string;
