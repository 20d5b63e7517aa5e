/** Returns the last part of an image's name with its tag or digest: the registry does not identify the image. */
export function getImageName(image: string): string {
  return image.slice(image.lastIndexOf("/") + 1);
}
