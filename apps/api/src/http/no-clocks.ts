/** For the cursor of a list that is not asked at any clock. */
export const noClocks = { at: null, knownAt: null, publishedBy: null };
