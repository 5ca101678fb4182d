/** The alias under which Express 4 is installed beside Express 5. What is used of it is typed alike. */
declare module 'express4' {
  import express from 'express';
  export default express;
}
