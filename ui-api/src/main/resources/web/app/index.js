import './console.css';
import './theme.js';
import './shell.js';
